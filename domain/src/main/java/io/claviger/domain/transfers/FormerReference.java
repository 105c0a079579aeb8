package io.claviger.domain.transfers;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;

/**
 * The reference of a service or project under a former owner.
 *
 * @param until the time from which the reference no longer leads to the service or project
 */
public record FormerReference(Handle owner, Handle handle, Instant until) {
  /** The greatest number of former references that one service or project may have at a time. */
  public static final int MOST = 10;
}
