package io.claviger.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.testkit.http.LocalHttp;
import java.net.URI;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** Servers whose lists always have a next page. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndlessListTest {
  @AutoClose private final LocalHttp server = new LocalHttp();

  @AutoClose
  private final Api api = new Api(URI.create(server.url()), new Api.Fixed(Optional.empty()));

  private int served;

  /** Serves a list. The function returns the cursor and the number of items of each page. */
  private void serve(IntFunction<ObjectNode> page) {
    server.serve(
        "/v1/users",
        exchange ->
            LocalHttp.answer(
                exchange, 200, "application/json", JsonTrees.bytes(page.apply(served++))));
  }

  private static ObjectNode page(String next, int items) {
    ObjectNode page = JsonTrees.object().put("next_cursor", next);
    for (int n = 0; n < items; n++) {
      page.withArray("items").addObject();
    }
    return page;
  }

  private void isRefused(String why) {
    assertThatThrownBy(() -> api.all("/v1/users"))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("does not answer as Claviger does: " + why);
  }

  @Test
  void a_list_that_repeats_a_page_is_refused() {
    serve(n -> page("same", 1));
    isRefused("one of its lists does not end");
    assertThat(served).isEqualTo(2);
  }

  @Test
  void a_list_that_repeats_many_pages_is_refused() {
    serve(n -> page("cursor-" + n % 100, 1));
    isRefused("one of its lists does not end");
    assertThat(served).isLessThan(400);
  }

  @Test
  void a_list_of_empty_pages_is_refused() {
    serve(n -> page("cursor-" + n, 0));
    isRefused("one of its lists does not end");
    assertThat(served).isEqualTo(100);
  }

  @Test
  void a_list_that_would_fill_the_memory_is_refused() {
    serve(n -> page("cursor-" + n, 50_000));
    assertThatThrownBy(() -> api.all("/v1/users"))
        .isInstanceOf(ClientFault.class)
        .hasMessage(
            "a list of %s has more than 250,000 items, and so is too long for this command"
                .formatted(server.url()));
  }
}
