package io.claviger.console.connecting;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A test call: its form, and what came of the last one.
 *
 * @param path the path to which the form is sent
 * @param model the model that is asked for unless another one is typed
 */
public record TestCallModel(String path, String model, @Nullable Result result) {

  /**
   * What came of a test call.
   *
   * @param sentence says how it ended
   * @param tone the class of the style sheet that colours it
   * @param text what the model said, or the message of an error; null if there is none
   */
  public record Result(
      String sentence, String tone, @Nullable String text, List<ReceiptLine> receipt) {
    public Result {
      receipt = List.copyOf(receipt);
    }
  }

  /** A line of the receipt. */
  public record ReceiptLine(String term, String value) {}
}
