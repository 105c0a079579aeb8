package io.claviger.application.shared.port;

import java.util.UUID;

/** Creates ids: UUIDv7 (RFC 9562). Each id is greater than the previous one on this node. */
public interface Ids {
  UUID next();
}
