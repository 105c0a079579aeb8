package io.claviger.console.transfers;

import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page of an offer.
 *
 * @param named the items whose handles can be changed in the form
 */
public record TransferModel(TransferLine transfer, List<TransferLine.Item> named, FormState form) {
  public TransferModel {
    named = List.copyOf(named);
  }
}
