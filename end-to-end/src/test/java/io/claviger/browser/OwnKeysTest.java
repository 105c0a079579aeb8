package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import io.claviger.stub.RecordedRequest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that callers store for themselves, and secrets that are shown once. */
@BrowserTest
@Tag("thorough")
class OwnKeysTest {
  @Test
  void somebodys_own_key_is_stored_replaced_and_removed_and_never_shown(Lab lab) {
    Api owner = lab.user("keyless");
    Api caller = lab.user("keyholder");
    String service = lab.journey.serviceOfUserKeys(owner, "keyless/own");
    owner.share(service, "keyholder", "reader").isStatus(201);
    caller.embed(service).isStatus(403);
    try (Visitor visitor = lab.visitor(caller)) {
      visitor.open("/console/services/keyless/own/key");
      visitor.sees("You have stored none.");
      String first = lab.journey.key("keyholder-first");
      store(visitor, first, "Store your key");
      visitor.sees("Yours has been stored since");
      caller.embed(service).isStatus(200);
      assertThat(keysUsed(lab)).endsWith("Bearer " + first);

      String second = lab.journey.key("keyholder-second");
      store(visitor, second, "Replace your key");
      assertThat(visitor.page().locator("[name=own_key]")).hasValue("");
      lab.eventually(
          () -> {
            caller.embed(service).isStatus(200);
            return keysUsed(lab).getLast().equals("Bearer " + second);
          });
      visitor.goBack();
      assertThat(visitor.page().locator("[name=own_key]")).hasValue("");
      assertThat(visitor.source()).doesNotContain(first, second);

      visitor.open("/console/services/keyless/own/key");
      visitor.press("Remove your key");
      visitor.sees("You have stored none.");
      lab.eventually(() -> caller.embed(service).status() == 403);
    }
  }

  @Test
  void the_owner_is_not_told_who_has_stored_a_key(Lab lab) {
    Api owner = lab.user("discreet");
    Api caller = lab.user("secretive");
    String service = lab.journey.serviceOfUserKeys(owner, "discreet/own");
    owner.share(service, "secretive", "reader").isStatus(201);
    try (Visitor before = lab.visitor(owner);
        Visitor storing = lab.visitor(caller)) {
      String page = "/console/services/discreet/own/key";
      String why = "/console/why?service=discreet/own&user=secretive";
      before.open(page);
      String pageBefore = before.text();
      before.open(why);
      String whyBefore = before.text();
      storing.open(page);
      store(storing, lab.journey.key("secretive-own"), "Store your key");
      storing.sees("Yours has been stored since");
      before.open(page);
      assertThat(before.text()).isEqualTo(pageBefore);
      before.open(why);
      assertThat(before.text()).isEqualTo(whyBefore);
    }
  }

  @Test
  void a_key_that_is_refused_is_not_shown_again(Lab lab) {
    Api owner = lab.owner("mistyping");
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console/services/mistyping/chat/key");
      String key = lab.journey.key("mistyped");
      Page page = visitor.page();
      page.locator("[name=api_key]").evaluate("e => { e.maxLength = 20000 }");
      visitor.write("api_key", key + "x".repeat(11_000));
      visitor.press("Replace the key");
      assertThat(page.locator("#api_key-more .field-error")).isVisible();
      assertThat(page.locator("[name=api_key]")).hasValue("");
      owner.embed("mistyping/chat").isStatus(200);
    }
  }

  @Test
  void a_token_that_replaces_all_of_somebody_is_shown_once(Lab lab) {
    Api lost = lab.user("forgetful");
    Api chief = lab.journey.administrator(lab.node, "rescuer");
    try (Visitor visitor = lab.visitor(chief)) {
      visitor.open("/console/people/forgetful/access");
      visitor.press("Replace all tokens by a new one");
      String token = lab.journey.token(visitor.page().locator("#new-token").innerText());
      lab.eventually(() -> lost.get("/v1/me").status() == 401);
      chief.holding(token).get("/v1/me").isStatus(200);
      visitor.open("/console/people/forgetful/access");
      assertThat(visitor.source()).doesNotContain(token);
    }
  }

  private static void store(Visitor visitor, String key, String button) {
    visitor.write("own_key", key);
    visitor.press(button);
  }

  private static List<String> keysUsed(Lab lab) {
    return lab.journey.provider().requests().stream().map(OwnKeysTest::credential).toList();
  }

  private static String credential(RecordedRequest request) {
    return String.valueOf(request.header("Authorization"));
  }
}
