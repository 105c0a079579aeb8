package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody leaves, and other users get the things that this person owned. */
@BrowserTest
@Tag("thorough")
class HandingOverTest {
  @Test
  void a_leaver_hands_a_service_to_an_heir_and_only_the_rest_ends_with_the_account(Lab lab) {
    Api leaver = lab.owner("leaver");
    String unused = lab.journey.service(leaver, "leaver/forgotten");
    Api heir = lab.user("heir");
    Api borrower = lab.user("bereft");
    leaver.share("leaver/chat", "bereft", "reader").isStatus(201);
    leaver.share("leaver/forgotten", "bereft", "reader").isStatus(201);
    Api chief = lab.journey.administrator(lab.node, "undertaker");
    try (Visitor leaving = lab.visitor(leaver);
        Visitor inheriting = lab.visitor(heir);
        Visitor administrator = lab.visitor(chief)) {
      leaving.open("/console/services/leaver/chat");
      leaving.openMenu();
      leaving.follow("Give to somebody…");
      leaving.fill("To", "heir-of-nobody");
      leaving.press("Offer");
      assertThat(leaving.page().locator("[name=to]")).hasValue("heir-of-nobody");
      leaving.fill("To", "heir");
      leaving.press("Offer");
      leaving.sees("service leaver/chat");

      inheriting.open("/console");
      inheriting.follow("leaver offers you a service.");
      inheriting.press("Accept all");
      assertThat(inheriting.page()).hasURL(lab.node.api() + "/console");
      inheriting.open("/console/services/heir/chat/people");
      assertThat(inheriting.page().locator("main")).containsText("bereft");

      administrator.open("/console/people/leaver");
      administrator.follow("Delete…");
      Page page = administrator.page();
      assertThat(page.locator("main")).containsText("Services that end: 1");
      assertThat(page.locator("main")).containsText("leaver/forgotten");
      assertThat(page.locator("main")).not().containsText("leaver/chat");
      administrator.press("Delete leaver");
      assertThat(page.locator("[role=alert]").first()).isVisible();
      borrower.embed("leaver/forgotten").isStatus(200);
      page.locator("[name=force]").check();
      administrator.press("Delete leaver");
      assertThat(page).hasURL(lab.node.api() + "/console/people");
    }
    leaver.get("/v1/me").isProblem(401, "unauthorized");
    borrower.embed("heir/chat").isStatus(200);
    assertThat(borrower.embed("leaver/forgotten").status()).isEqualTo(404);
  }

  @Test
  void an_administrator_offers_an_heir_what_somebody_owns_who_is_suspended(Lab lab) {
    Api vanished = lab.owner("vanished-owner");
    Api heir = lab.user("late-heir");
    Api borrower = lab.user("late-borrower");
    vanished.share("vanished-owner/chat", "late-borrower", "reader").isStatus(201);
    lab.journey.tamper("update users set suspended_at = now() where handle = 'vanished-owner'");
    Api chief = lab.journey.administrator(lab.node, "executor");
    try (Visitor administrator = lab.visitor(chief);
        Visitor inheriting = lab.visitor(heir)) {
      administrator.open("/console/people/vanished-owner");
      administrator.follow("Delete…");
      administrator.fill("To", "late-heir");
      administrator.press("Offer all of it");
      administrator.sees("service vanished-owner/chat");
      inheriting.open("/console");
      inheriting.follow("vanished-owner offers you a service.");
      inheriting.press("Accept all");
      assertThat(inheriting.page()).hasURL(lab.node.api() + "/console");
      inheriting.open("/console/services/late-heir/chat/people");
      assertThat(inheriting.page().locator("main")).containsText("late-borrower");
    }
    borrower.embed("late-heir/chat").isStatus(200);
  }
}
