package io.claviger.web.requests;

import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.BudgetReader;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads what somebody asks for. */
final class WishReader {
  private WishReader() {}

  static Wish wish(JsonObject fields) {
    Field<Role> role = fields.nullable("role", JsonConverter.text(Roles::of));
    Field<Set<ModelPattern>> models = fields.nullable("models", all(ModelPattern::written));
    Field<Set<Operation>> operations = fields.nullable("operations", all(Operation::new));
    Field<Budget> budget = fields.nullable("budget", BudgetReader.ONE);
    Field<Instant> until = fields.nullable("until", Times.instant("until"));
    Field<RequestNote> note = fields.nullable("note", JsonConverter.text(RequestNote::new));
    fields.rejectUnread();
    return new Wish(
        new RequestedTerms(
            role.given(),
            models.given().orElse(Set.of()),
            operations.given().orElse(Set.of()),
            budget.given(),
            until.given()),
        note.given());
  }

  private static <T> JsonConverter<Set<T>> all(Function<String, T> make) {
    JsonConverter<List<T>> list = JsonConverter.listOf(JsonConverter.text(make));
    return list.then(Set::copyOf);
  }
}
