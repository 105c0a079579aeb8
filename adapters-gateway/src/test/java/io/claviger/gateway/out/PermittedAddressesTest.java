package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PermittedAddressesTest {
  private static final InetAddress PRIVATE = address(10, 1, 2, 3);
  private static final InetAddress METADATA = address(169, 254, 169, 254);
  private static final InetAddress GLOBAL = address(93, 184, 216, 34);
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final User.Id MALLORY = new User.Id(new UUID(0, 2));
  private static final Duration LITTLE = Duration.ofSeconds(1);
  private static final Duration ENOUGH = Duration.ofSeconds(30);

  @Test
  void a_private_address_is_left_out() throws IOException {
    assertThat(with(PRIVATE, GLOBAL, METADATA).permitted("issuer.example", 443, ENOUGH))
        .containsExactly(GLOBAL);
  }

  @Test
  void a_host_with_private_addresses_alone_is_not_found() {
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> with(PRIVATE, METADATA).permitted("issuer.example", 443, ENOUGH));
  }

  @Test
  void the_operator_may_permit_a_private_address_but_never_cloud_metadata() throws IOException {
    PermittedAddresses addresses =
        PermittedAddresses.of(
            settings(PRIVATE, METADATA)
                .withAllowedPrivateHosts(AllowedPrivateHosts.of("issuer.example:443")));

    assertThat(addresses.permitted("issuer.example", 443, ENOUGH)).containsExactly(PRIVATE);
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> addresses.permitted("issuer.example", 8443, ENOUGH));
  }

  @Test
  @Timeout(60)
  void slow_look_ups_for_tokens_of_one_owner_hold_few_threads_and_do_not_delay_others()
      throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger looking = new AtomicInteger();
    AtomicInteger virtual = new AtomicInteger();
    PermittedAddresses addresses =
        PermittedAddresses.of(
            OutboundSettings.strict()
                .withResolver(
                    host -> {
                      virtual.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
                      if (host.equals("slow.example")) {
                        looking.incrementAndGet();
                        awaitUninterruptibly(answer);
                      }
                      return List.of(GLOBAL);
                    }));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          waiting.add(
              threads.submit(
                  () -> addresses.permitted(url("slow.example"), MALLORY, false, LITTLE)));
        }
        for (Future<?> each : waiting) {
          assertThatExceptionOfType(ExecutionException.class)
              .isThrownBy(each::get)
              .withCauseInstanceOf(SocketTimeoutException.class);
        }
        assertThat(looking).hasValue(BlockingLookups.MOST_OF_UNPROVEN);
        assertThat(addresses.permitted(url("quick.example"), ALICE, false, ENOUGH))
            .containsExactly(GLOBAL);
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> addresses.permitted(url("quick.example"), MALLORY, false, LITTLE));
      } finally {
        answer.countDown();
      }
    }
    assertThat(addresses.permitted(url("quick.example"), MALLORY, false, ENOUGH))
        .containsExactly(GLOBAL);
    assertThat(looking)
        .as("those that nobody waits for")
        .hasValue(BlockingLookups.MOST_OF_UNPROVEN);
    assertThat(virtual).hasValue(0);
  }

  @Test
  @Timeout(60)
  void a_slow_look_up_of_an_issuer_holds_no_thread_of_who_asks_and_delays_no_other_issuer()
      throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger inline = new AtomicInteger();
    Thread asking = Thread.currentThread();
    PermittedAddresses addresses =
        PermittedAddresses.of(
            OutboundSettings.strict()
                .withResolver(
                    host -> {
                      inline.addAndGet(Thread.currentThread().equals(asking) ? 1 : 0);
                      if (host.equals("slow.example")) {
                        awaitUninterruptibly(answer);
                      }
                      return List.of(GLOBAL);
                    }));
    try {
      for (int i = 0; i <= BlockingLookups.MOST_OF_UNPROVEN; i++) {
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> addresses.permitted("slow.example", 443, Duration.ofMillis(10)));
      }
      assertThat(addresses.permitted("quick.example", 443, ENOUGH)).containsExactly(GLOBAL);
    } finally {
      answer.countDown();
    }
    assertThat(inline).hasValue(0);
  }

  @Test
  void a_look_up_for_a_token_ends_as_the_name_server_answers() throws Exception {
    assertThat(with(PRIVATE, GLOBAL).permitted(url("x.example"), ALICE, false, ENOUGH))
        .containsExactly(GLOBAL);
    PermittedAddresses unknown =
        PermittedAddresses.of(
            OutboundSettings.strict()
                .withResolver(
                    host -> {
                      throw new UnknownHostException(host);
                    }));
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> unknown.permitted(url("x.example"), ALICE, false, ENOUGH));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static TokenUrl url(String host) {
    return TokenUrl.of("https://" + host + "/token");
  }

  private static PermittedAddresses with(InetAddress... addresses) {
    return PermittedAddresses.of(settings(addresses));
  }

  private static OutboundSettings settings(InetAddress... addresses) {
    return OutboundSettings.strict().withResolver(host -> List.of(addresses));
  }

  private static InetAddress address(int... parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) parts[i];
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
