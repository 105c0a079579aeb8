package io.claviger.application.identity;

import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.identity.ReturnPath;
import java.util.Locale;
import java.util.Optional;

/**
 * The refusals of sign-ins. Each refusal has a name for the audit trail, and a message for the
 * user.
 */
final class SignInRefusal {
  private SignInRefusal() {}

  static RefusedException of(Reason reason, String sentence) {
    return RefusedException.conflict(reason.name().toLowerCase(Locale.ROOT), sentence);
  }

  static SignInResult.Refused result(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Conflict conflict -> ofConflict(conflict);
      case Refusal.Forbidden forbidden ->
          new SignInResult.Refused(Reason.NOT_ALLOWED, forbidden.why());
      case Refusal.NotFound gone ->
          new SignInResult.Refused(Reason.SESSION_ENDED, "Sign in again.");
      case Refusal.Invalid invalid ->
          new SignInResult.Refused(
              Reason.INVALID_RESPONSE, "The identity provider sent something that can't be used.");
      case Refusal.TooMany tooMany ->
          new SignInResult.Refused(
              Reason.BUSY,
              tooMany.detail(),
              Optional.of(tooMany.retryAfter()),
              ReturnPath.START,
              false);
      case Refusal.Waiting waiting -> new SignInResult.Refused(Reason.BUSY, waiting.sentence());
      case Refusal.PreconditionFailed failed -> new SignInResult.Refused(Reason.BUSY, "Try again.");
    };
  }

  private static SignInResult.Refused ofConflict(Refusal.Conflict conflict) {
    for (Reason reason : Reason.values()) {
      if (reason.name().toLowerCase(Locale.ROOT).equals(conflict.code())) {
        return new SignInResult.Refused(reason, conflict.detail());
      }
    }
    return new SignInResult.Refused(Reason.BUSY, conflict.detail());
  }
}
