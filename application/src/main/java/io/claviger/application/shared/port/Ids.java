package io.claviger.application.shared.port;

import java.util.UUID;

/** Generates ids: UUIDv7 (RFC 9562). On a node, each id is greater than the previous id. */
public interface Ids {
  UUID next();
}
