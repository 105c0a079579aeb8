package io.claviger.console.sharing;

import io.claviger.console.page.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A preview of the loan in a form.
 *
 * @param sentence a description of the loan; empty if the form can't be read
 * @param warning a sentence about a possibly surprising effect of the loan; empty if there is no
 *     such effect
 * @param prices the page on which the viewer can set prices; null if the viewer may not set prices
 * @param leavesPool the group whose pooled limits would no longer apply to the receiver; null if
 *     there is no such group
 * @param past the cost of recent calls to the service or by the receiver, in words; null if unknown
 */
public record LoanPreview(
    List<Part> sentence,
    List<Part> warning,
    @Nullable String prices,
    @Nullable String leavesPool,
    @Nullable String past) {
  static final LoanPreview NONE = of(List.of(), List.of());

  public LoanPreview {
    sentence = List.copyOf(sentence);
    warning = List.copyOf(warning);
  }

  /** Returns a preview that has only a sentence and a warning. */
  static LoanPreview of(List<Part> sentence, List<Part> warning) {
    return new LoanPreview(sentence, warning, null, null, null);
  }
}
