// Command judge lets sigstore-go, which nobody here wrote, judge an export.
// It verifies a Sigstore bundle signed with a plain key offline: judge BUNDLE KEY.pem ARTIFACT PREDICATE_TYPE
package main

import (
	"crypto"
	"fmt"
	"os"
	"time"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
)

func main() {
	if err := judge(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted")
}

func judge(bundlePath, keyPath, artifactPath, predicateType string) error {
	signed, err := bundle.LoadJSONFromPath(bundlePath)
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(keyPath)
	if err != nil {
		return err
	}
	key, err := cryptoutils.UnmarshalPEMToPublicKey(pem)
	if err != nil {
		return err
	}
	checker, err := signature.LoadVerifier(key, crypto.SHA256)
	if err != nil {
		return err
	}
	trusted := root.NewTrustedPublicKeyMaterial(func(string) (root.TimeConstrainedVerifier, error) {
		return &keyForEver{checker}, nil
	})
	verifier, err := verify.NewVerifier(trusted, verify.WithNoObserverTimestamps())
	if err != nil {
		return err
	}
	artifact, err := os.Open(artifactPath)
	if err != nil {
		return err
	}
	defer artifact.Close()
	result, err := verifier.Verify(signed, verify.NewPolicy(verify.WithArtifact(artifact), verify.WithKey()))
	if err != nil {
		return err
	}
	// The library leaves the predicate type to its caller.
	if result.Statement.PredicateType != predicateType {
		return fmt.Errorf("predicate type is %s", result.Statement.PredicateType)
	}
	return nil
}

// keyForEver is a key without a validity period: a node's key is revoked in the pool's log, not by a date.
type keyForEver struct{ signature.Verifier }

func (keyForEver) ValidAtTime(time.Time) bool { return true }
