package io.claviger.console.requests;

import io.claviger.console.page.FormState;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param note what the asker adds; empty if nothing
 * @param endedAt when it ended (ISO 8601); null while it is open
 * @param sentence what a grant gives, in words; null for those who can't grant it
 * @param leavesPool the group whose pooled limits would hold no longer for the asker; null for none
 * @param shown what the page shows, as a form that a field carries
 * @param mayMute whether the viewer may refuse further requests of the asker
 * @param form the share that a grant gives, which can be changed
 * @param changing whether the form is open
 */
public record RequestModel(
    BorrowRequestLine line,
    String note,
    @Nullable String endedAt,
    @Nullable String sentence,
    @Nullable String leavesPool,
    String shown,
    boolean mayMute,
    FormState form,
    boolean changing) {}
