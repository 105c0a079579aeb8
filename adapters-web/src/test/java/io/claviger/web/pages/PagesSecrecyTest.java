package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.LogCapture;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the pages are sent as a secret is neither logged nor shown. */
class PagesSecrecyTest {
  @Test
  void the_log_has_neither_links_nor_codes_nor_cookies() {
    try (ServedPages served = ServedPages.with(new FakeSignIn());
        LogCapture log = LogCapture.begin()) {
      FormBrowser browser = served.browser();
      TestResponse unused =
          browser.open("/console/sign-in/callback?code=code-canary&state=state-canary&iss=x");
      String secret = served.links.make(new Handle("alice")).orThrow().reveal();
      String link = "/console/sign-in/link/" + secret;
      TestResponse shown = browser.open(link).isStatus(200);
      browser.open("/console/sign-in/%6Cink/" + secret);
      browser.open("/console//sign-in/link/" + secret);
      browser.open(link + "/more");
      browser.submit(shown, link, Map.of()).isStatus(303);
      String cookie = browser.cookies().get("__Host-claviger-session");
      browser.open("/console/account?return=query-canary").isStatus(200);

      log.await("GET /console/sign-in/callback 400");
      log.await("POST /console/sign-in/link/… 303");
      log.await("GET /console/account 200");
      assertThat(log.everything()).doesNotContain("canary", secret, String.valueOf(cookie));
    }
  }

  @Test
  void hostile_names_are_text_on_every_page() {
    String hostile = "\"><script>alert('x')</script>";
    try (ServedPages served = ServedPages.local()) {
      served
          .served()
          .root()
          .patch("/v1/users/alice", Map.of("display_name", hostile))
          .isStatus(200);
      FormBrowser browser = served.browser();
      TestResponse page = browser.open("/console/sign-in?return=" + "%22%3E%3Cscript%3E");
      assertThat(page.body()).doesNotContain("<script");
      TestResponse signedIn =
          browser.submit(page, "/console/sign-in/token", Map.of("token", served.aliceToken));
      TestResponse account = browser.follow(signedIn).isStatus(200);
      assertThat(account.body())
          .contains("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)")
          .doesNotContain("<script");
      TestResponse device = browser.open("/console/device");
      TestResponse answer =
          browser.submit(device, "/console/device", Map.of("code", hostile)).isStatus(404);
      assertThat(answer.body()).doesNotContain("<script");
      assertThat(browser.open("/console/%22%3E%3Cscript%3E").body()).doesNotContain("<script");
    }
  }
}
