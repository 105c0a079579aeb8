package io.claviger.console.sharing;

import org.jspecify.annotations.Nullable;

/**
 * What a form would lend.
 *
 * @param sentence it in words; null while the form can't be read
 * @param warning what the viewer may not expect of it; null if there is nothing
 * @param prices the page on which the viewer sets prices; null if they may not
 * @param leavesPool the group whose pooled limits would no longer apply to the receiver; null for
 *     none
 */
public record LoanPreview(
    @Nullable String sentence,
    @Nullable String warning,
    @Nullable String prices,
    @Nullable String leavesPool) {
  static final LoanPreview NONE = new LoanPreview(null, null, null, null);
}
