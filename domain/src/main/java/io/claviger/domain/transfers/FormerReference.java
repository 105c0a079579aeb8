package io.claviger.domain.transfers;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;

/**
 * The name that a service or project had under a former owner.
 *
 * @param until the time from which on the former name no longer leads to the service or project
 */
public record FormerReference(Handle owner, Handle handle, Instant until) {
  /** The maximum number of former references of one service or project at a time. */
  public static final int MOST = 10;
}
