package io.claviger.gateway.model;

import static io.claviger.gateway.model.BatchedCall.demand;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.spending.RequestedUse;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line of the input file of a batch. The line is a JSON object that describes one
 * request. The gateway reads the {@code body} in the line like the body of a call.
 */
final class BatchLine implements JsonEvents {
  private static final String METHOD = "POST";

  /** The members of a line, in their documented order. */
  private enum Member {
    CUSTOM_ID,
    METHOD,
    URL,
    BODY;

    private final String wireName = name().toLowerCase(Locale.ROOT);
  }

  private final ProviderApi api;
  private final ObeyedCaps caps;
  private final boolean knownToolsOnly;
  private final JsonScanner scanner;
  private final Set<Member> had = EnumSet.noneOf(Member.class);
  private @Nullable Member member;
  private int depth;
  private String path = "";

  private @Nullable BatchedCall body;

  /**
   * The receiver of the scanner's events inside the request's body; null outside of the request's
   * body.
   */
  private @Nullable JsonEvents inBody;

  private long bodyFrom;
  private long bodyBytes;

  BatchLine(ProviderApi api, ObeyedCaps caps, boolean knownToolsOnly) {
    this.api = api;
    this.caps = caps;
    this.knownToolsOnly = knownToolsOnly;
    this.scanner = new JsonScanner(this, ScannedText.LONGEST_ADDRESS);
  }

  /**
   * @throws BatchedCall.Faulty if the line does not contain a request that is permitted in a batch
   * @throws MalformedBody if the line is not JSON
   */
  void read(byte[] bytes, int from, int to) {
    scanner.read(bytes, from, to);
  }

  /**
   * Returns the path of the line's operation, below the service's endpoint. Must be called only
   * after the end of the line.
   */
  String path() {
    return path;
  }

  /**
   * Whether the provider would store the result as a response. Must be called only after the end of
   * the line.
   */
  boolean isStored() {
    CallerFieldScan caller = body().caller();
    return caller != null && caller.isStored(api.mayAnswerLater(path));
  }

  /**
   * Ends the line.
   *
   * @return the requested use: the tokens and other things that the provider may charge for
   * @throws BatchedCall.Faulty under the same conditions as {@link #read}
   * @throws MalformedBody under the same conditions as {@link #read}
   */
  RequestedUse end() {
    scanner.end();
    demand(had.size() == Member.values().length, Reason.MEMBERS);
    BatchedCall call = body();
    RequestedObjects objects = call.objects();
    demand(objects.namesNothing(), Reason.REFERENCE);
    demand(!objects.hasUnknownTool(knownToolsOnly), Reason.TOOL);
    demand(call.leavesNothingOut(), Reason.UNCLEAR);
    RequestedUse use = call.end(bodyBytes);
    CallerFieldScan caller = call.caller();
    demand(caller == null || !caller.namesCaller(), Reason.IDENTIFIER);
    return use;
  }

  private BatchedCall body() {
    return Optional.ofNullable(body).orElseThrow(() -> new BatchedCall.Faulty(Reason.MEMBERS));
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
      body = BatchedCall.of(api, path, Optional.empty(), caps);
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
      path =
          api.batchOperation(text.toString()).orElseThrow(() -> new BatchedCall.Faulty(Reason.URL));
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
      throw new BatchedCall.Faulty(depth == 0 ? Reason.NOT_JSON : Reason.MEMBERS);
    }
    inBody.other();
  }
}
