package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sessions.Session;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.InMemoryUseCases;
import io.claviger.web.served.LogCapture;
import io.claviger.web.served.Served;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests failures: a database that can't be reached, and a fault of the program. */
@Isolated("It reads the log of the whole JVM.")
class FailuresTest {
  @Test
  void a_database_out_of_reach_is_503_with_a_time_to_retry() {
    TestResponse reply = meWith(new StoreUnavailable(new IllegalStateException("SECRET")));
    reply.isProblem(503, "unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void a_database_that_takes_too_long_is_503_with_a_time_to_retry_and_no_fault_of_ours() {
    try (LogCapture logged = LogCapture.begin()) {
      TestResponse reply = meWith(new QueryTimeout(new IllegalStateException("SECRET")));
      reply.isProblem(503, "unavailable");
      assertThat(reply.header("Retry-After")).isEqualTo("5");
      assertThat(logged.everything()).doesNotContain("QueryTimeout");
    }
  }

  @Test
  void a_fault_of_ours_is_500_without_details() {
    TestResponse reply = meWith(new IllegalStateException("SECRET in a message"));
    reply.isProblem(500, "internal_error");
    assertThat(reply.body()).doesNotContain("SECRET", "IllegalState");
  }

  @Test
  void a_fault_of_ours_is_logged_with_the_request_id_and_without_its_message() {
    try (LogCapture logged = LogCapture.begin()) {
      TestResponse reply =
          meWith(new IllegalStateException("SECRET", new IllegalArgumentException("SECRET")));
      assertThat(logged.everything())
          .contains(reply.header("X-Request-Id"))
          .contains("IllegalStateException")
          .doesNotContain("SECRET");
    }
  }

  @Test
  void even_an_error_of_the_machine_is_a_problem() {
    meWith(new StackOverflowError()).isProblem(500, "internal_error");
  }

  @Test
  void a_lost_race_or_a_reference_in_the_way_is_a_conflict() {
    served(new ConcurrencyConflict(ConcurrencyConflict.How.TAKEN, new IllegalStateException()))
        .isProblem(409, "concurrent_change");
    served(new StillReferenced(new IllegalStateException())).isProblem(409, "in_use");
  }

  private static TestResponse meWith(Throwable thrown) {
    try (Served served = Served.start(s -> s, u -> failing(u, thrown))) {
      return served.root().get("/v1/me");
    }
  }

  /** For statuses that this route has not by contract. */
  private static TestResponse served(Throwable thrown) {
    try (Served served = Served.start(s -> s, u -> failing(u, thrown))) {
      return served.root().offContract().get("/v1/me");
    }
  }

  private static InMemoryUseCases failing(InMemoryUseCases u, Throwable thrown) {
    AccessTokens usual = u.get(AccessTokens.class);
    return u.with(
        AccessTokens.class,
        new AccessTokens() {
          @Override
          public Authentication authenticate(TokenText token, CallerOrigin from, String requestId) {
            if (thrown instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) thrown;
          }

          @Override
          public Authentication authenticateForReading(
              TokenText token, CallerOrigin from, String requestId) {
            return authenticate(token, from, requestId);
          }

          @Override
          public void endLeaked(TokenText token, String address, String requestId) {
            usual.endLeaked(token, address, requestId);
          }

          @Override
          public Outcome<Page<AccessToken, TimeCursor>> list(
              Actor actor,
              Handle user,
              Optional<Instance.Ref> service,
              PageRequest<TimeCursor> page) {
            return usual.list(actor, user, service, page);
          }

          @Override
          public Outcome<Integer> count(Actor actor, Handle user, Optional<Instance.Ref> service) {
            return usual.count(actor, user, service);
          }

          @Override
          public Outcome<IssuedToken> issue(Actor actor, Handle user, NewToken wanted) {
            return usual.issue(actor, user, wanted);
          }

          @Override
          public Outcome<IssuedToken> issue(
              Actor actor, Session session, Handle user, NewToken wanted) {
            return usual.issue(actor, session, user, wanted);
          }

          @Override
          public Outcome<AccessToken.Id> revoke(Actor actor, Handle user, AccessToken.Id token) {
            return usual.revoke(actor, user, token);
          }
        });
  }
}
