#!/bin/sh
# Makes the namespace and the search attributes that the workflows carry. Safe to run at every
# start. TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the command itself.
set -eu

: "${TEMPORAL_ADDRESS:?host:port of the Temporal server}"
: "${TEMPORAL_NAMESPACE:?name of the namespace}"
: "${TEMPORAL_RETENTION:=30d}" "${TRIES:=30}" "${PAUSE_SECONDS:=2}"
export TEMPORAL_ADDRESS TEMPORAL_NAMESPACE

# A namespace that was just made is unknown to some parts of the server for some seconds.
patiently() {
    left=$TRIES
    until "$@"; do
        left=$((left - 1))
        if [ "$left" -le 0 ]; then
            echo "gave up after $TRIES tries: $*" >&2
            return 1
        fi
        sleep "$PAUSE_SECONDS"
    done
}

namespace() {
    temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 \
        || temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" \
            --retention "$TEMPORAL_RETENTION" --description 'Homeward: ids only, no personal data'
}

# Adding one that is there already, with the same type, changes nothing and succeeds.
attribute() {
    temporal operator search-attribute create --name "$1" --type "$2"
}

patiently temporal operator cluster health
patiently namespace
patiently attribute HubId Keyword
patiently attribute CaseStage Keyword
patiently attribute NextDue Datetime
echo "namespace $TEMPORAL_NAMESPACE is ready"
