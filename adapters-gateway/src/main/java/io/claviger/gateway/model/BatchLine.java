package io.claviger.gateway.model;

import io.claviger.domain.ModelName;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line of a batch: a request as a JSON object. The parts that read the bodies of calls
 * read its body too.
 */
final class BatchLine implements JsonEvents {
  private static final String METHOD = "POST";

  /** The members of a line, in the documented order. */
  private enum Member {
    CUSTOM_ID,
    METHOD,
    URL,
    BODY;

    private final String wireName = name().toLowerCase(Locale.ROOT);
  }

  /** A line that can't be a request of a batch. */
  static final class Faulty extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    Faulty(Reason reason) {
      super(reason.name(), null, false, false);
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }

  private final ProviderApi api;
  private final JsonScanner scanner;
  private final Set<Member> had = EnumSet.noneOf(Member.class);
  private @Nullable Member member;
  private int depth;
  private String path = "";

  private @Nullable BodyParts body;

  /** Receives what the scanner finds inside of the body; null outside of it. */
  private @Nullable JsonEvents inBody;

  private long bodyFrom;
  private long bodyBytes;

  /** What reads the body of a line. */
  private record BodyParts(
      AskedModels models,
      ModelScan modelScan,
      JsonUseScan use,
      FoundReferences references,
      @Nullable CallerFieldScan caller) {
    static BodyParts of(ProviderApi api, String path) {
      AskedModels models = new AskedModels(Optional.empty(), false);
      return new BodyParts(
          models,
          new ModelScan(models),
          new JsonUseScan(api, path, OperationKind.of(METHOD, path), Optional.empty(), true),
          new FoundReferences(api.objectPlaces()),
          CallerFieldScan.of(api, path));
    }

    JsonEvents begin(JsonScanner scanner) {
      List<JsonPart> all = new ArrayList<>(List.of(modelScan, use, new ReferenceScan(references)));
      if (caller != null) {
        all.add(caller);
      }
      all.forEach(part -> part.begin(scanner));
      return new CallReading.SharedEvents(all);
    }
  }

  BatchLine(ProviderApi api) {
    this.api = api;
    this.scanner = new JsonScanner(this, ScannedText.LONGEST);
  }

  /**
   * @throws Faulty if the line can't be a request of a batch
   * @throws MalformedBody if it is not JSON
   */
  void read(byte[] bytes, int from, int to) {
    scanner.read(bytes, from, to);
  }

  /** Returns the operation that the line calls, below the service, once it has ended. */
  String path() {
    return path;
  }

  /** Whether the provider would store the result as a response, once the line has ended. */
  boolean isStored() {
    CallerFieldScan caller = body().caller();
    return caller != null && caller.isStored(api.mayAnswerLater(path));
  }

  /** Returns the models that the line names, once it has ended. */
  Set<String> models() {
    Set<String> named = body().models().all().orElseThrow(() -> new Faulty(Reason.NO_MODEL));
    demand(named.stream().allMatch(ModelName::isValid), Reason.NO_MODEL);
    return named;
  }

  /**
   * Ends the line.
   *
   * @return what it asks for
   * @throws Faulty as {@link #read}
   * @throws MalformedBody as {@link #read}
   */
  RequestedUse end() {
    scanner.end();
    demand(had.size() == Member.values().length, Reason.MEMBERS);
    BodyParts parts = body();
    RequestedObjects objects = parts.references().all();
    demand(!objects.unclear(), Reason.UNCLEAR);
    demand(objects.equals(RequestedObjects.NONE), Reason.REFERENCE);
    CallerFieldScan caller = parts.caller();
    if (caller != null) {
      caller.complete();
      demand(caller.isClear(), Reason.UNCLEAR);
      demand(!caller.isBackground(), Reason.BACKGROUND);
      demand(!caller.namesCaller(), Reason.IDENTIFIER);
    }
    Set<String> unused = models();
    RequestedUse use = parts.use().use(bodyBytes).orElseThrow(() -> new Faulty(Reason.UNCLEAR));
    demand(!use.streams(), Reason.STREAM);
    demand(use.model().isKnown(), Reason.NO_MODEL);
    return use;
  }

  private BodyParts body() {
    return Optional.ofNullable(body).orElseThrow(() -> new Faulty(Reason.MEMBERS));
  }

  private static void demand(boolean fulfilled, Reason otherwise) {
    if (!fulfilled) {
      throw new Faulty(otherwise);
    }
  }

  @Override
  public void opened(boolean array) {
    depth++;
    if (inBody != null) {
      inBody.opened(array);
    } else if (depth == 1) {
      demand(!array, Reason.NOT_JSON);
    } else {
      demand(member == Member.BODY && !array, Reason.MEMBERS);
      demand(had.containsAll(EnumSet.of(Member.METHOD, Member.URL)), Reason.ORDER);
      bodyFrom = scanner.position();
      body = BodyParts.of(api, path);
      inBody = body.begin(scanner);
      inBody.opened(false);
    }
  }

  @Override
  public void closed() {
    depth--;
    if (inBody != null) {
      inBody.closed();
      if (depth == 1) {
        inBody = null;
        bodyBytes = scanner.position() + 1 - bodyFrom;
      }
    }
  }

  @Override
  public void name(ScannedText name) {
    if (inBody != null) {
      inBody.name(name);
      return;
    }
    member = null;
    for (Member each : Member.values()) {
      if (each.wireName.contentEquals(name)) {
        member = each;
      }
    }
    demand(member != null && had.add(member), Reason.MEMBERS);
  }

  @Override
  public boolean wantsText() {
    return inBody == null || inBody.wantsText();
  }

  @Override
  public void text(ScannedText text) {
    if (inBody != null) {
      inBody.text(text);
      return;
    }
    demand(depth == 1, Reason.NOT_JSON);
    demand(member != Member.BODY, Reason.MEMBERS);
    if (member == Member.METHOD) {
      demand(METHOD.contentEquals(text), Reason.METHOD);
    } else if (member == Member.URL) {
      path = api.batchOperation(text.toString()).orElseThrow(() -> new Faulty(Reason.URL));
    }
  }

  @Override
  public void number(ScannedNumber number) {
    if (inBody == null) {
      other();
    } else {
      inBody.number(number);
    }
  }

  @Override
  public void literal(String literal) {
    if (inBody == null) {
      other();
    } else {
      inBody.literal(literal);
    }
  }

  @Override
  public void other() {
    if (inBody == null) {
      throw new Faulty(depth == 0 ? Reason.NOT_JSON : Reason.MEMBERS);
    }
    inBody.other();
  }
}
