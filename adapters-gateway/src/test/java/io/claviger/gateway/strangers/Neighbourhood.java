package io.claviger.gateway.strangers;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.UploadLinks;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.gateway.Gateway;
import io.claviger.gateway.GatewaySettings;
import io.claviger.gateway.TestHeldObjects;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.head.BodySizes;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A gateway, a provider, and several worlds that know nothing of each other. */
final class Neighbourhood implements AutoCloseable {
  /** How many bytes of a body the gateway reads at most. */
  static final int HELD_BYTES = 32 << 10;

  private static final Map<String, Provider> PROVIDERS =
      Map.of(
          "openai", Provider.OPENAI,
          "anthropic", Provider.ANTHROPIC,
          "gemini", Provider.GOOGLE,
          "cohere", Provider.COHERE);

  private static final List<String> FORMATS = List.of("openai", "openai", "anthropic", "gemini");

  final Map<String, Grammar> grammars = new LinkedHashMap<>();
  final Coverage coverage = new Coverage();
  private final SharedAccounts provider = new SharedAccounts();
  private final StubProvider stub = StubProvider.start(StubOptions.defaults().recording(false));
  private final AtomicInteger accounts = new AtomicInteger();
  private final StorageKinds storage;
  private final Wiring node = new Wiring();
  private final Gateway gateway;
  private final BlockingQueue<World> free;

  /**
   * @param findings takes what should not have happened, and may throw it
   */
  Neighbourhood(int worlds, Consumer<AssertionError> findings) {
    this(worlds, findings, authorization -> authorization);
  }

  /**
   * @param planted changes how calls are authorized, to plant a fault
   */
  Neighbourhood(
      int worlds, Consumer<AssertionError> findings, UnaryOperator<CallAuthorization> planted) {
    this(worlds, findings, planted, StorageKinds.NONE, new TestHeldObjects());
  }

  /** Services that lend storage of all kinds, with a provider that keeps state. */
  static Neighbourhood storing(int worlds, Consumer<AssertionError> findings, HeldObjects ledger) {
    return new Neighbourhood(
        worlds,
        findings,
        authorization -> authorization,
        new StorageKinds(
            Arrays.stream(ObjectKind.values())
                .filter(ObjectKind::isLendable)
                .collect(Collectors.toSet())),
        ledger);
  }

  private Neighbourhood(
      int worlds,
      Consumer<AssertionError> findings,
      UnaryOperator<CallAuthorization> planted,
      StorageKinds storage,
      HeldObjects ledger) {
    this.storage = storage;
    List.of("anthropic", "cohere", "gemini", "openai")
        .forEach(format -> grammars.put(format, Grammar.of(format)));
    Map<String, User> users = new HashMap<>();
    Map<String, String> tokens = new HashMap<>();
    for (String caller : World.CALLERS) {
      User user = node.user(caller);
      users.put(caller, user);
      tokens.put(caller, node.stored(AToken.of(user).build()).reveal());
    }
    for (int world = 0; world < worlds; world++) {
      for (String format : grammars.keySet()) {
        lend(users, format, "w" + world);
      }
    }
    node.nanos.advance(Duration.ofMillis(1));
    node.memory.refresh();
    gateway =
        Gateway.start(
            GatewaySettings.on("127.0.0.1", 0)
                .withBodySizes(BodySizes.USUAL.withMostHeld(HELD_BYTES))
                .withUploads(
                    new UploadLinks(
                        new InMemoryLinkCipher(), () -> URI.create("http://gateway.example")))
                .withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1:" + provider.port())),
            planted.apply(node.callAuthorization),
            node.modelRouting,
            ledger,
            call -> {});
    free = new ArrayBlockingQueue<>(worlds);
    for (int i = 0; i < worlds; i++) {
      World world = new World("w" + i, gateway.address(), tokens, grammars, coverage, findings);
      provider.open("w" + i, world::answer);
      free.add(world);
    }
  }

  private void lend(Map<String, User> users, String format, String world) {
    User alice = users.get(World.OWNER);
    Provider provided = PROVIDERS.get(format);
    StoredKeys keys = new StoredKeys(node);
    Instance service =
        keys.withKey(
            AnInstance.of(alice, format + "-" + world)
                .provider(provided)
                .own(InstanceField.STORAGE, storage)
                .keyPolicy(new KeyPolicy(true, true, true))
                .endpoint("http://127.0.0.1:" + provider.port() + "/" + world),
            World.KEY);
    users.forEach(
        (name, user) -> {
          if (!name.equals(World.OWNER)) {
            node.stored(service, AShare.with(user).build());
          }
        });
    keys.ofUser(service, users.get(World.WITH_OWN_KEY), World.OWN_KEY);
  }

  /** Plays a number of requests on services that lend storage, of which most are OpenAI's. */
  int playStoring(SplittableRandom random, int requests) throws Exception {
    return playStoring(random, FORMATS.get(random.nextInt(FORMATS.size())), requests);
  }

  /** Plays a number of requests of one format on services that lend storage. */
  int playStoring(SplittableRandom random, String format, int requests) throws Exception {
    World world = free.take();
    String account = "account-" + accounts.incrementAndGet();
    try (StatefulProvider stateful = new StatefulProvider(stub, account)) {
      return world.playStoring(random, format, requests, HELD_BYTES, stateful);
    } finally {
      free.add(world);
    }
  }

  int play(SplittableRandom random, int requests) throws IOException, InterruptedException {
    World world = free.take();
    try {
      return world.play(random, requests, HELD_BYTES);
    } finally {
      free.add(world);
    }
  }

  @Override
  public void close() {
    try {
      for (World world : free) {
        world.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    gateway.close();
    provider.close();
    stub.close();
  }
}
