package io.claviger.domain.requests;

import io.claviger.domain.Sha256;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Identifies what a request asks for. Two requests for one service have the same subject if they
 * ask for the same role, models, operations and kind of budget. The budget's amount, the requested
 * end of the share and the asker's note do not matter.
 *
 * @param digest the SHA-256 of the role, models, operations and kind of budget, in hexadecimal
 *     digits
 */
public record RequestSubject(String digest) {
  public static RequestSubject of(RequestedTerms terms) {
    List<String> parts = new ArrayList<>();
    terms.role().ifPresent(role -> parts.add("role " + role));
    terms.models().stream().map(ModelPattern::value).sorted().forEach(m -> parts.add("model " + m));
    terms.operations().stream()
        .map(Operation::value)
        .sorted()
        .forEach(o -> parts.add("operation " + o));
    terms.budget().map(RequestSubject::kind).ifPresent(parts::add);
    if (parts.isEmpty()) {
      parts.add("until");
    }
    return new RequestSubject(Sha256.hex(String.join("\n", parts)));
  }

  private static String kind(Budget budget) {
    return String.join(
        " ", "budget", budget.unit().wireName(), budget.window().wireName(), budget.zone().name());
  }
}
