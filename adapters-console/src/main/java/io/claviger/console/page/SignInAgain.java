package io.claviger.console.page;

import io.claviger.web.problems.Problem;

/** Offers to sign in again, after a form was refused because the sign-in is not recent. */
public final class SignInAgain {
  /** The code of such refusals, and the value with which a form offers it. It is no input. */
  private static final String CODE = "sign_in_again";

  private SignInAgain() {}

  /** Whether a refusal says that the sign-in is not recent enough. */
  public static boolean isMeant(Problem problem) {
    return problem.code().equals(CODE);
  }

  /** Returns the refused form, which offers to sign in again if that helps. */
  public static FormState offered(Problem problem, FormState refused) {
    return isMeant(problem) ? refused.having(CODE, "yes") : refused;
  }

  /** Whether a form offers to sign in again. */
  public static boolean isOffered(FormState form) {
    return form.chose(CODE, "yes");
  }
}
