package io.claviger.console.transfers;

import io.claviger.console.page.FormState;
import java.util.List;

/**
 * An offer of services and projects.
 *
 * @param until when it runs out (ISO 8601)
 * @param open whether it can still be accepted or withdrawn
 * @param received whether the viewer is whom it was made to
 */
public record TransferModel(
    String path,
    String from,
    String to,
    List<Item> items,
    String until,
    String state,
    boolean open,
    boolean received,
    FormState form) {
  public TransferModel {
    items = List.copyOf(items);
  }

  /** A service or project. */
  public record Item(String kind, String handle) {}
}
