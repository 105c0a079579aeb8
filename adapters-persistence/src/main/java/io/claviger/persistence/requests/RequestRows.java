package io.claviger.persistence.requests;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.StoredBudgets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads requests from rows of {@code borrow_requests}, joined with service and users. */
final class RequestRows {
  private RequestRows() {}

  static BorrowRequest request(Row row) throws SQLException {
    return new BorrowRequest(
        new BorrowRequest.Id(row.uuid("id")),
        new BorrowRequest.Service(
            new Instance.Id(row.uuid("instance_id")),
            new User.Id(row.uuid("owner_id")),
            reference(row.text("owner_handle"), row.text("handle")),
            reference(row.text("asked_owner"), row.text("asked_handle"))),
        new BorrowRequest.Asker(
            new User.Id(row.uuid("asker_id")), new Handle(row.text("asker_handle"))),
        terms(row),
        row.optionalText("note").map(RequestNote::new),
        RequestState.of(row.text("state")),
        row.instant("asked_at"),
        row.optionalInstant("ended_at"),
        row.optionalText("ended_by").map(Handle::new));
  }

  private static RequestedTerms terms(Row row) throws SQLException {
    Optional<Budget> budget =
        StoredBudgets.read(row.optionalTexts("budgets")).all().stream().findFirst();
    return new RequestedTerms(
        row.optionalConstant("role", Role.class),
        all(row.optionalTexts("models"), ModelPattern::new),
        all(row.optionalTexts("operations"), Operation::new),
        budget,
        row.optionalInstant("until"));
  }

  private static <T> Set<T> all(Optional<List<String>> texts, Function<String, T> make) {
    return texts.orElse(List.of()).stream().map(make).collect(Collectors.toSet());
  }

  private static Instance.Ref reference(String owner, String handle) {
    return new Instance.Ref(new Handle(owner), new Handle(handle));
  }
}
