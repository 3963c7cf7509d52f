"""Serves a model with llama.cpp's own HTTP server, until standard input ends.

Arguments: model file, name it is served under ("" for the server's default, the path), tokens of context of all
answers together, answers at once, port (0: a free one), key for its API ("" for none).
"""

import sys

import xllamacpp

model, alias, context, parallel, port, key = sys.argv[1:7]
params = xllamacpp.CommonParams()
params.model.path = model
if alias:
    params.model_alias = {alias}
params.n_ctx = int(context)
params.n_parallel = int(parallel)
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.hostnames = ["127.0.0.1"]
params.port = int(port)
if key:
    params.api_keys = [key]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
