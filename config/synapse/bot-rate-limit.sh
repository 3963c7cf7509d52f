#!/bin/sh
# Lets the bot send as many events as it needs at a Synapse homeserver. Everybody else keeps the usual limits.
#
#   ADMIN_TOKEN=… sh config/synapse/bot-rate-limit.sh https://matrix.example.org @substrate:example.org
#
# ADMIN_TOKEN is the access token of a server administrator. After it, give the bot MATRIX_EVENTS_PER_SECOND=0.
# Undo: the same with DELETE in place of POST.
# https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#override-ratelimiting-for-users
set -eu
server=${1:?write the address of the homeserver, for example https://matrix.example.org}
bot=${2:?write the user id of the bot, for example @substrate:example.org}
curl --fail --silent --show-error \
  --request POST \
  --header "Authorization: Bearer ${ADMIN_TOKEN:?the access token of an administrator}" \
  --data '{"messages_per_second": 0, "burst_count": 0}' \
  "$server/_synapse/admin/v1/users/$bot/override_ratelimit"
echo
