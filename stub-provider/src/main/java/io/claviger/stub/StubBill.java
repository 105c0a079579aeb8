package io.claviger.stub;

import java.util.ArrayList;
import java.util.List;

/**
 * What the stub charges the customer for a call.
 *
 * @param kind the kind of call under which the provider's usage pages count this call, such as
 *     {@code completions}
 * @param usage the tokens that are charged
 * @param fees what is charged for things other than tokens
 */
record StubBill(String kind, StubUsage usage, List<ProviderLedger.Fee> fees) {
  static final String COMPLETIONS = "completions";

  /** Returns the bill for a call that generates text. */
  static StubBill ofText(StubCall call, List<ProviderLedger.Fee> fees) {
    return new StubBill(COMPLETIONS, StubUsage.of(call), fees);
  }

  /**
   * Returns the bill for a call that is charged only for its input, such as a call for embeddings.
   */
  static StubBill ofInput(String kind, int tokens) {
    return new StubBill(kind, StubUsage.ofInput(tokens), List.of());
  }

  /**
   * Returns the fees for those runs of tools that the script requests; each run is charged under
   * the name of its tool.
   */
  static List<ProviderLedger.Fee> fees(StubCall call, String... names) {
    List<ProviderLedger.Fee> fees = new ArrayList<>();
    for (String name : names) {
      if (call.runs(name) > 0) {
        fees.add(new ProviderLedger.Fee(name, "", call.runs(name)));
      }
    }
    return fees;
  }
}
