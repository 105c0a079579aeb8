package io.claviger.console.sharing;

import org.jspecify.annotations.Nullable;

/**
 * A preview of the loan in a form.
 *
 * @param sentence a description of the loan; null if the form can't be read
 * @param warning a sentence about a possibly surprising effect of the loan; null if there is no
 *     such effect
 * @param prices the page on which the viewer can set prices; null if the viewer may not set prices
 * @param leavesPool the group whose pooled limits would no longer apply to the receiver; null if
 *     there is no such group
 * @param past the cost of recent calls to the service or by the receiver, in words; null if unknown
 */
public record LoanPreview(
    @Nullable String sentence,
    @Nullable String warning,
    @Nullable String prices,
    @Nullable String leavesPool,
    @Nullable String past) {
  static final LoanPreview NONE = new LoanPreview(null, null, null, null, null);

  /** Returns a preview with a sentence and a warning, and nothing else. */
  static LoanPreview of(@Nullable String sentence, @Nullable String warning) {
    return new LoanPreview(sentence, warning, null, null, null);
  }
}
