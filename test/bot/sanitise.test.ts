import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { markdownToHtml } from "../../bot/views/text/markdown.ts";
import { sanitiseLine, sanitiseModelText } from "../../bot/views/text/sanitise.ts";

/** Pieces that model output is made of when it means harm, among ordinary ones. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "@everyone",
        "@here",
        "@room",
        "<@123456789>",
        "<@&99>",
        "<#42>",
        "</ask:12>",
        "<id:browse>",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u{e0041}",
        "\u0000",
        "\u001b[31m",
        "[bank.example](https://evil.example/)",
        "[x](javascript:alert(1))",
        "![i](http://track.example/p.png)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "</div>",
        '"><svg onload=alert(1)>',
        '[a](<https://e.example/" onclick="x>)',
        "[p](https://matrix.to/#/@admin:example.org)",
        "&lt;script&gt;",
        "```",
        "~~~js",
        "`",
        "|a|b|\n|-|-|",
        "# ",
        "> ",
        "\n\n",
        "\r\n",
        "\ud800",
        "https://user:pw@evil.example/",
        "[data](data:text/html;base64,PHN2Zz4=)",
        "<https://evil.example>",
        "[r]: https://evil.example\n\n[r]",
      ),
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

describe("text from strangers", () => {
  test("keeps no character that hides or reorders text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = sanitiseModelText(text).replace(/(?<=[@<])\u200b/g, "");
        assert.doesNotMatch(
          plain,
          /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u,
        );
        assert.doesNotMatch(plain, /(?![\n\t])\p{Cc}/u);
        assert.ok(plain.isWellFormed());
      }),
      { numRuns: 500 },
    );
  });

  test("never holds what Discord or Matrix would turn into a mention", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = sanitiseModelText(text);
        assert.doesNotMatch(safe, /@(everyone|here|room|channel)/i);
        assert.doesNotMatch(safe, /<@[!&]?\d|<#\d|<id:\w/);
      }),
      { numRuns: 500 },
    );
  });

  test("is the same when cleaned twice", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = sanitiseModelText(text);
        assert.equal(sanitiseModelText(once), once);
      }),
      { numRuns: 500 },
    );
  });

  test("breaks a mention that was hidden behind an invisible character", () => {
    assert.equal(sanitiseModelText("@\u200beveryone"), "@\u200beveryone");
    assert.equal(sanitiseModelText("@\u2060every\u00adone"), "@\u200beveryone");
    assert.equal(sanitiseModelText("<@\u200b!12>"), "<\u200b@!12>");
  });

  test("keeps emoji families, Persian and Hindi joiners, tabs and code", () => {
    for (const text of ["👨‍👩‍👧 ❤️", "می‌خواهم", "क्‍ष", "a\tb\n\nc", "if (a < b) { x@y }"]) {
      assert.equal(sanitiseModelText(text), text);
    }
  });

  test("fits a name on one line of the length asked for", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 60 }), (text, max) => {
        const line = sanitiseLine(text, max);
        assert.ok(line.length <= max);
        assert.doesNotMatch(line, /\n/);
        assert.ok(line.isWellFormed());
      }),
    );
  });
});

describe("Markdown in the page", () => {
  const html = (text: string) => markdownToHtml(sanitiseModelText(text));

  test("has only the tags and attributes we make", () => {
    const allowed =
      /^<(?:\/?(?:p|em|strong|s|code|pre|ul|ol|li|blockquote|hr|br|div|table|thead|tbody|tr|th|td|span|a)(?: (?:class="[a-z -]+"|tabindex="0"|start="\d+"|href="https?:\/\/[^"<>]*"|target="_blank"|rel="noopener noreferrer nofollow ugc"))*)>$/;
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [tag] of html(text).matchAll(/<[^>]*>/g)) assert.match(tag, allowed);
      }),
      { numRuns: 500 },
    );
  });

  test("shows the real host beside a link whose words claim another", () => {
    assert.match(
      html("[bank.example](https://evil.example/login)"),
      /bank\.example<\/a> <span class="link-host">\(evil\.example\)<\/span>/,
    );
    assert.match(html("<https://bank.example@evil.example/>"), /\(evil\.example\)/);
    assert.match(html("[раypal](https://раypal.example)"), /\(xn--/);
  });

  test("makes no link of anything but http and https", () => {
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "vbscript:x",
    ]) {
      assert.doesNotMatch(html(`[click](${url})`), /<a /);
    }
  });

  test("loads no image", () => {
    assert.doesNotMatch(html("![x](https://track.example/p.png)"), /<img/);
  });

  test("lets what scrolls be reached by keyboard and leaves the page's headings alone", () => {
    assert.match(html("```js\n1 < 2\n```"), /<pre tabindex="0"><code>1 &lt; 2\n<\/code><\/pre>/);
    assert.doesNotMatch(html("# Big\n## Small"), /<h\d/);
  });
});
