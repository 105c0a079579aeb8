package io.claviger.application.shared.port;

import java.util.UUID;

/** Makes ids: UUIDv7 (RFC 9562), each greater than the one before it on this node. */
public interface Ids {
  UUID next();
}
