package io.claviger.console.transfers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the viewer offered and was offered.
 *
 * @param next the address of the next page; null on the last one
 */
public record TransferListModel(List<TransferLine> transfers, @Nullable String next) {
  public TransferListModel {
    transfers = List.copyOf(transfers);
  }
}
