package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The browsers in which a user is signed in. */
class SessionsTest {
  @AutoClose private static final Served SERVED = Served.start();
  private final String handle = SERVED.newHandle();
  private final Client user = SERVED.user(handle);
  private final String path = "/v1/users/" + handle + "/sessions";

  @Test
  void a_session_shows_where_and_how_it_began_and_nothing_that_a_browser_keeps() {
    NewSession session = signIn();

    TestResponse shown = user.get(path).isStatus(200);

    assertThat(shown.text("/items/0/id")).isEqualTo(session.session().id().value().toString());
    assertThat(shown.text("/items/0/method")).isEqualTo("link");
    assertThat(shown.text("/items/0/address")).isEqualTo("192.0.2.7");
    assertThat(shown.text("/items/0/user_agent")).isEqualTo("a browser");
    assertThat(shown.body()).doesNotContain(session.secret().reveal());
  }

  @Test
  void pages_of_sessions_lead_from_the_oldest_to_the_newest() {
    List<String> begun = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      begun.add(signIn().session().id().value().toString());
    }

    TestResponse first = user.get(path + "?limit=2").isStatus(200);
    TestResponse second = user.get(path + "?limit=2&cursor=" + first.text("/next_cursor"));

    assertThat(
            List.of(
                first.text("/items/0/id"), first.text("/items/1/id"), second.text("/items/0/id")))
        .isEqualTo(begun);
    assertThat(second.at("/next_cursor").isNull()).isTrue();
  }

  @Test
  void a_session_that_is_ended_here_is_none_in_its_browser() {
    NewSession session = signIn();
    String one = path + "/" + session.session().id().value();

    user.delete(one).isStatus(204);

    assertThat(SERVED.useCase(Sessions.class).find(session.secret(), "192.0.2.7", "")).isEmpty();
    user.delete(one).isStatus(404);
  }

  @Test
  void a_session_is_ended_only_under_its_own_user() {
    NewSession session = signIn();
    String another = SERVED.newHandle();
    Client other = SERVED.user(another);
    String id = session.session().id().value().toString();

    other.delete("/v1/users/" + another + "/sessions/" + id).isStatus(404);
    other.delete(path + "/" + id).isStatus(404);
    SERVED.root().delete(path + "/" + id).isStatus(204);
  }

  @Test
  void a_cursor_of_another_list_is_refused() {
    user.get(path + "?cursor=bm9uZQ").isStatus(422);
  }

  private NewSession signIn() {
    User.Id id = new User.Id(UUID.fromString(user.get(path.replace("/sessions", "")).text("/id")));
    return Outcomes.done(
        SERVED
            .useCase(Sessions.class)
            .start(new SignedIn(id, new SignInMethod.Link()), "192.0.2.7", "a browser", ""));
  }
}
