package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.sessions.Sessions;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Files that a visitor downloads part by part. */
class DownloadsTest {
  private static final String WHOLE = "/console/whole";
  private static final String ENDING = "/console/ending";
  // The first part is large, so that the answer begins with this part. If it had not begun, the
  // client would repeat the request.
  private static final String FIRST = "x".repeat(1_000_000);

  @AutoClose
  private final Served served =
      Served.withPages(Pages.Settings.LOCAL, List.of(TwoDownloads.class), u -> u);

  /** One file, and another one whose first part ends the session of its reader. */
  public static final class TwoDownloads implements RouteGroup {
    private final Visitors visitors;
    private final Sessions sessions;

    public TwoDownloads(Visitors visitors, Sessions sessions) {
      this.visitors = visitors;
      this.sessions = sessions;
    }

    @Override
    public void addTo(Routes routes) {
      routes.pageAt(WHOLE).openGet(visitors.signedIn(visit -> download(visit, () -> {})));
      routes
          .pageAt(ENDING)
          .openGet(
              visitors.signedIn(visit -> download(visit, () -> sessions.end(visit.signedIn()))));
    }

    private static void download(Visit visit, Runnable withPart) {
      visit.download(
          "x.csv",
          "text/csv",
          Stream.of(FIRST, "end")
              .map(
                  part -> {
                    withPart.run();
                    return part.getBytes(StandardCharsets.UTF_8);
                  })
              .iterator());
    }
  }

  @Test
  void a_file_ends_with_the_session_of_its_reader() {
    Client alice = served.user("alice");
    String token =
        alice.post("/v1/users/alice/tokens", Map.of("name", "n")).isStatus(201).text("/token");
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    browser
        .submit(browser.open("/console/sign-in"), "/console/sign-in/token", Map.of("token", token))
        .isStatus(303);

    assertThat(browser.open(WHOLE).isStatus(200).body()).isEqualTo(FIRST + "end");
    assertThatThrownBy(() -> browser.open(ENDING)).hasRootCauseInstanceOf(IOException.class);
  }
}
