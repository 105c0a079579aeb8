package io.claviger.stub;

import java.util.ArrayList;
import java.util.List;

/**
 * The charges of the stub for a call.
 *
 * @param kind the kind of this call in the provider's usage pages, such as {@code completions}
 * @param usage the charged tokens
 * @param fees the charges for things other than tokens
 */
record StubBill(String kind, StubUsage usage, List<ProviderLedger.Fee> fees) {
  static final String COMPLETIONS = "completions";

  /** Returns the bill for a call that generates text. */
  static StubBill ofText(StubCall call, List<ProviderLedger.Fee> fees) {
    return ofText(StubUsage.of(call), fees);
  }

  /** Returns the bill for a call that generates text and uses these tokens. */
  static StubBill ofText(StubUsage usage, List<ProviderLedger.Fee> fees) {
    return new StubBill(COMPLETIONS, usage, fees);
  }

  /**
   * Returns the bill for a call that is charged only for its input, such as a call for embeddings.
   */
  static StubBill ofInput(String kind, int tokens) {
    return new StubBill(kind, StubUsage.ofInput(tokens), List.of());
  }

  /**
   * Returns the fees for the tool runs that the script requests. Each run is charged under its
   * tool's name.
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
