package io.claviger.application.shared.port;

import java.util.UUID;

/** Creates ids: UUIDv7 (RFC 9562). Each is greater than the one before it on this node. */
public interface Ids {
  UUID next();
}
