package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody connects a program to a service, with a token that is shown once. */
@BrowserTest
@Tag("thorough")
class ConnectingTest {
  private static final Pattern TOKEN = Pattern.compile("GATEWAY_TOKEN=(\\S+)");

  @Test
  void a_link_leads_to_a_lent_call_in_five_screens(Lab lab) {
    Api newcomer = lab.user("newcomer");
    lab.definition(newcomer, "newcomer/played");
    try (Visitor visitor = lab.stranger(new Browser.NewContextOptions())) {
      Set<String> screens = screensOf(visitor.page());
      String link = lab.signInLink("newcomer");
      visitor.open(link);
      visitor.press("Sign in as newcomer");
      visitor.follow("Register a service");
      visitor.choose("Definition", "newcomer/played");
      visitor.fill("Name", "first");
      visitor.fill("API key of the provider", lab.journey.key("first"));
      visitor.press("Register and check");
      visitor.follow("Connect");
      String token = madeToken(visitor, "my first program");
      assertThat(visitor.page().locator("#url"))
          .hasText(lab.node.gateway() + "/gateway/services/newcomer/first");
      newcomer.holding(token).embed("newcomer/first").isStatus(200);
      assertThat(screens).hasSizeLessThanOrEqualTo(5);
      visitor.context().clearCookies();
      assertThat(visitor.open(link)).isEqualTo(404);
      assertThat(visitor.page().getByText("Sign in as newcomer")).hasCount(0);
    }
  }

  @Test
  void a_providers_endpoint_and_key_lead_there_in_five_screens_too(Lab lab) {
    Api newcomer = lab.user("provided");
    try (Visitor visitor = lab.stranger(new Browser.NewContextOptions())) {
      Set<String> screens = screensOf(visitor.page());
      visitor.open(lab.signInLink("provided"));
      visitor.press("Sign in as provided");
      visitor.follow("Register a service");
      visitor.open("/console/services/register?from=nothing");
      visitor.choose("Provider", "openai");
      visitor.fill("Model", "parrot-large");
      visitor.write("endpoint", lab.journey.endpoint());
      visitor.fill("Name", "first");
      visitor.fill("API key of the provider", lab.journey.key("provided"));
      visitor.press("Register and check");
      visitor.sees("The provider answers and accepts the key");
      visitor.follow("Connect");
      String token = madeToken(visitor, "my first program");
      newcomer.holding(token).embed("provided/first").isStatus(200);
      assertThat(screens).hasSizeLessThanOrEqualTo(5);
    }
  }

  @Test
  void a_text_is_copied_on_a_page_without_a_clipboard_too(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("copying"))) {
      Page page = visitor.page();
      page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
      visitor.open("/console/services/copying/chat/connect");
      page.locator("[data-copy=url]").click();
      assertThat(page.locator("[data-copy=url]")).hasText(Pattern.compile("Copied|Selected"));
      assertThat(page.evaluate("() => getSelection().toString()"))
          .isEqualTo(page.locator("#url").innerText());
    }
  }

  /** The paths of the pages that somebody sees from now on. */
  private static Set<String> screensOf(Page page) {
    Set<String> screens = ConcurrentHashMap.newKeySet();
    page.onResponse(
        answer -> {
          if (answer.request().isNavigationRequest() && answer.status() == 200) {
            screens.add(URI.create(answer.url()).getPath());
          }
        });
    return screens;
  }

  @Test
  void a_token_is_shown_once_and_is_nowhere_else(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("connector"))) {
      visitor.open("/console/services/connector/chat/connect");
      String token = madeToken(visitor, "notebook");
      Page page = visitor.page();
      assertThat(page.url()).doesNotContain(token);
      assertThat(String.valueOf(page.evaluate(Visitor.KEPT))).doesNotContain(token);
      assertThat(String.valueOf(page.evaluate("() => caches.keys().then(k => k.length)")))
          .isEqualTo("0");
      assertThat(page.locator("pre", containing(token))).hasCount(1);

      visitor.follow("Overview");
      assertThat(visitor.source()).doesNotContain(token);
      visitor.goBack();
      assertThat(visitor.source()).doesNotContain(token);
      visitor.open("/console/services/connector/chat/connect");
      assertThat(visitor.source()).doesNotContain(token);
      visitor.open("/console/account");
      assertThat(page.locator("main")).containsText("notebook");
      assertThat(visitor.source()).doesNotContain(token);
    }
  }

  @Test
  void a_token_of_the_account_page_is_shown_once_and_revoked(Lab lab) {
    Api owner = lab.owner("tokened");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/account");
      visitor.fill("For which program?", "laptop");
      visitor.press("Make a token");
      String token = visitor.page().locator("#new-token").innerText();
      owner.holding(token).embed("tokened/chat").isStatus(200);
      visitor.open("/console/account");
      assertThat(visitor.source()).doesNotContain(token);
      visitor.press("Revoke laptop");
      assertThat(visitor.page().getByText("Revoke laptop")).hasCount(0);
      owner.holding(token).embed("tokened/chat").isStatus(401);
    }
  }

  @Test
  void the_default_service_is_chosen_and_forgotten(Lab lab) {
    Api owner = lab.owner("chooser");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/account");
      visitor.sees("You have chosen none.");
      visitor.write("default_service", "chooser/nothing");
      visitor.press("Choose");
      assertThat(visitor.page().locator("[name=default_service]")).hasValue("chooser/nothing");
      assertThat(visitor.page().locator("#default_service-more .field-error")).isVisible();
      visitor.write("default_service", "chooser/chat");
      visitor.press("Choose");
      assertThat(visitor.page().locator("section[aria-labelledby=default] p a"))
          .hasText("chooser/chat");
      assertThat(owner.get("/v1/llm-services/chooser/chat").at("/is_default").booleanValue())
          .isTrue();
      visitor.press("Forget the choice");
      visitor.sees("You have chosen none.");
    }
    owner.get("/v1/users/chooser/default-service").isStatus(404);
  }

  @Test
  void each_client_has_something_to_paste_that_names_the_service(Lab lab) {
    try (Visitor visitor = lab.visitor(lab.owner("paster"))) {
      visitor.open("/console/services/paster/chat/connect");
      int clients = visitor.page().locator("details").count();
      assertThat(clients).isGreaterThan(3);
      for (String text : visitor.page().locator("details pre").allTextContents()) {
        assertThat(text).contains("/gateway").doesNotContain("sk-");
      }
    }
  }

  private static String madeToken(Visitor visitor, String program) {
    visitor.fill("For which program?", program);
    visitor.press("Make a token");
    Matcher shown = TOKEN.matcher(visitor.page().locator("#new-token").innerText());
    assertThat(shown.find()).isTrue();
    return shown.group(1);
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
