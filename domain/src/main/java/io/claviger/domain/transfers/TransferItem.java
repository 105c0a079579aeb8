package io.claviger.domain.transfers;

import io.claviger.domain.accounts.Handle;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A service or project in a transfer.
 *
 * @param id the id of the instance or project; empty once the item was deleted
 * @param handle the handle when the item was offered
 * @param newHandle the handle with the receiver; empty until the transfer is accepted
 */
public record TransferItem(
    Kind kind, Optional<UUID> id, Handle handle, Optional<Handle> newHandle) {
  /** The kinds of things that can be transferred. */
  public enum Kind {
    SERVICE,
    PROJECT;

    /** The name in JSON and in the database, such as {@code service}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }

  /** Returns this item with its handle at the receiver. */
  public TransferItem under(Handle accepted) {
    return new TransferItem(kind, id, handle, Optional.of(accepted));
  }
}
