package io.claviger.domain.transfers;

import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import java.util.Optional;
import java.util.UUID;

/**
 * A service or project in a transfer.
 *
 * @param id the id of the instance or project; empty once the item was deleted
 * @param handle the handle when the item was offered
 * @param newHandle the item's handle under the receiver; empty until the transfer is accepted
 */
public record TransferItem(
    Kind kind, Optional<UUID> id, Handle handle, Optional<Handle> newHandle) {
  /** The kinds of things that can be transferred. */
  public enum Kind implements WireNamed {
    SERVICE,
    PROJECT;

    public static Kind of(String wireName) {
      return WireNamed.of(values(), wireName, "kind");
    }
  }

  /** Returns this item with the handle that it has under the receiver. */
  public TransferItem under(Handle accepted) {
    return new TransferItem(kind, id, handle, Optional.of(accepted));
  }
}
