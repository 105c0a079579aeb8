package io.claviger.architecture.broken.web.things;

import io.claviger.domain.keys.Secret;
import io.netty.buffer.ByteBuf;

/** Opens a secret, and borrows another adapter's technology. */
public record Page(Secret secret, ByteBuf buffer) {
  public String text() {
    return secret.lend(String::new);
  }
}
