package io.claviger.console.sharing;

import org.jspecify.annotations.Nullable;

/**
 * A preview of the loan that the values in a form describe.
 *
 * @param sentence a sentence that describes the loan; null if the form can't be read
 * @param warning a sentence about an effect of the loan that may surprise the viewer; null if there
 *     is no such effect
 * @param prices the page on which the viewer can set prices; null if the viewer may not set prices
 * @param leavesPool the group whose pooled limits would no longer apply to the receiver; null if
 *     there is no such group
 * @param past what recent calls of the service or of the receiver cost, in words; null if this is
 *     not known
 */
public record LoanPreview(
    @Nullable String sentence,
    @Nullable String warning,
    @Nullable String prices,
    @Nullable String leavesPool,
    @Nullable String past) {
  static final LoanPreview NONE = new LoanPreview(null, null, null, null, null);

  /** Returns a preview which says only that something is wrong with the loan. */
  static LoanPreview of(@Nullable String sentence, @Nullable String warning) {
    return new LoanPreview(sentence, warning, null, null, null);
  }
}
