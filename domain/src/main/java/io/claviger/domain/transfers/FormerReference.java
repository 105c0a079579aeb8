package io.claviger.domain.transfers;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;

/**
 * A reference that a service or project had with a former owner.
 *
 * @param until how long it leads to the service or project
 */
public record FormerReference(Handle owner, Handle handle, Instant until) {
  /** The most that may lead to one service or project at a time. */
  public static final int MOST = 10;
}
