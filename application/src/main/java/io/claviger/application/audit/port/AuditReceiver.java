package io.claviger.application.audit.port;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.domain.audit.ChainHead;
import java.util.List;
import java.util.Optional;

/** Where the audit trail is pushed to. */
@FunctionalInterface
public interface AuditReceiver {
  /**
   * Sends links with their events in this order, and then a head.
   *
   * @throws Undelivered if the receiver may not have all of it, after a bounded time
   */
  void deliver(List<StoredLink> links, Optional<ChainHead> head);

  /**
   * The receiver may not have what was sent. The message has no secret and nothing of an answer.
   */
  final class Undelivered extends RuntimeException {
    public Undelivered(String message) {
      super(message);
    }
  }
}
