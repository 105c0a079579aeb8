package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.formats.ToolTypes;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects at the provider that a JSON body refers to. The format's table contains the
 * meaning of each member. A reference must be a string. The member with the reference must have the
 * documented spelling and occur only once in its object. If the member breaks this rule, only some
 * parsers would find the reference. In a member that is not in the table, strings and names in the
 * form of an id count as references.
 *
 * <p>The scan takes linear time. For each open array or object, the scan keeps only its place in
 * the format's table. In addition, the scan keeps at most as many references and items as a single
 * request may have.
 */
final class ReferenceScan extends JsonPart {
  private static final String MODEL = "model";

  /** The outermost member with which a chat asks the model to speak. */
  private static final String SPEECH = "audio";

  private final FoundReferences inBody;
  private final boolean isEncoded;

  /**
   * The current collector of references: inside the parameters of a tool or a list of citations,
   * the collector of these parameters or citations; otherwise, the collector of the whole body.
   */
  private FoundReferences found;

  /**
   * The reader of encoded text in the current string; null if the string contains no encoded text.
   */
  private @Nullable EncodedJson encoded;

  private final StringBuilder folded = new StringBuilder(40);

  /**
   * The places, in the format's table, of the open arrays and objects. The first of them is the
   * place of the whole body.
   */
  private ObjectPlace[] containers = new ObjectPlace[16];

  private final BitSet arrays = new BitSet();
  private int depth;

  /** The place, in the format's table, of the next member's value. */
  private ObjectPlace member;

  private boolean misspelled;

  /** Whether the current member has the documented name of the model. */
  private boolean isNamedModel;

  /**
   * The depth of the outermost array or object around the current value that can't contain
   * references; 0 if there is none.
   */
  private int opaqueDepth;

  /** The members of the objects around the current value in which references have been found. */
  private final List<ObjectPlace> had = new ArrayList<>();

  private final List<Integer> depthsOfHad = new ArrayList<>();

  /** The innermost tool that has begun but not ended; null if there is none. */
  private @Nullable OpenTool tool;

  /** The depth of the current parameters if the tool's type has not been read; otherwise 0. */
  private int parametersDepth;

  /** The depth of the current list of citations; 0 outside of such lists. */
  private int citationsDepth;

  /** The position of the first byte of the current list of citations. */
  private long citationsFrom;

  private final ItemScan item;
  private final LeftOutMembers leftOut;
  private long from;

  ReferenceScan(FoundReferences found) {
    this(found, found.places().body(), false);
  }

  /**
   * @param body the place of the value that the whole text represents
   * @param isEncoded whether the text was encoded in a string of another text
   */
  private ReferenceScan(FoundReferences found, ObjectPlace body, boolean isEncoded) {
    this.inBody = found;
    this.found = found;
    this.isEncoded = isEncoded;
    this.member = body;
    this.containers[0] = member;
    this.item = new ItemScan(found);
    this.leftOut = new LeftOutMembers(found);
  }

  @Override
  int longest() {
    return ScannedText.LONGEST_ADDRESS;
  }

  /** The gateway can't search a body for references if it is not JSON. */
  @Override
  void malformed() {
    throw new CallRefused(ReferenceErrors.NOT_READABLE);
  }

  @Override
  public void opened(boolean array) {
    ObjectPlace place = place();
    depth++;
    if (opaqueDepth > 0) {
      return;
    }
    switch (place.meaning()) {
      case REFERENCE, LEFT_OUT, TOOL, ITEM_ID, ITEM_LINK, ITEM_TYPE, ENCODED ->
          found.demand(false, place);
      case REFERENCES -> found.demand(array && !isElement(depth - 1) && !misspelled, place);
      case EXEMPTION, TOOL_MAKER -> found.demand(!misspelled);
      case TOOL_DATA -> parametersOpened();
      case CITATIONS -> citationsOpened(array);
      case REFERENCE_OR_NEW -> {
        found.demand(!array && !misspelled, place);
        found.makes(place);
      }
      case OPAQUE, ITEM_DATA -> opaqueDepth = depth;
      case REVEALING -> {
        if (!array) {
          found.showContent();
        }
      }
      default -> {}
    }
    if (!array && place.inside().isTool()) {
      tool = new OpenTool(tool, depth, place.inside(), found);
    }
    item.valueBegins(place, depth - 1);
    item.opened(place, depth, array);
    leftOut.opened(depth);
    if (depth == containers.length) {
      containers = Arrays.copyOf(containers, 2 * depth);
    }
    containers[depth] = place;
    arrays.set(depth, array);
    misspelled = false;
  }

  private void parametersOpened() {
    if (tool != null && tool.isCallers()) {
      opaqueDepth = depth;
    } else if (tool != null && parametersDepth == 0) {
      found = tool.parameters();
      parametersDepth = depth;
    }
  }

  private void citationsOpened(boolean array) {
    if (array && !isElement(depth - 1) && found == inBody && !isEncoded) {
      found = new FoundReferences(found.places());
      citationsDepth = depth;
      citationsFrom = position();
    }
  }

  /**
   * Removes the citations if one of them names a file. If none does, all their references count.
   */
  private void citationsClosed() {
    FoundReferences cited = found;
    found = inBody;
    citationsDepth = 0;
    if (cited.hasFile()) {
      found.emptied(citationsFrom, position() + 1);
    } else {
      found.addAll(cited);
    }
  }

  @Override
  public void closed() {
    if (opaqueDepth == depth) {
      opaqueDepth = 0;
    }
    if (opaqueDepth == 0) {
      item.closed(depth);
      leftOut.closed(depth);
      forgetHad();
      if (parametersDepth == depth) {
        parametersDepth = 0;
        found = inBody;
      }
      if (tool != null && tool.isAt(depth)) {
        tool = tool.end();
      }
      if (citationsDepth == depth) {
        citationsClosed();
      }
    }
    depth--;
    if (opaqueDepth == 0) {
      valueEnds(position() + 1);
    }
  }

  private void forgetHad() {
    while (!had.isEmpty() && depthsOfHad.getLast() == depth) {
      had.removeLast();
      depthsOfHad.removeLast();
    }
  }

  @Override
  public void name(ScannedText name) {
    if (opaqueDepth > 0) {
      return;
    }
    found.demand(!name.hasNul());
    ObjectPlace place = containers[depth].inside().find(fold(name));
    member = place;
    misspelled = false;
    switch (place.meaning()) {
      case UNKNOWN, FILE -> {
        if (place.name().isEmpty() || place.name().equals(RequestedObjects.PATH)) {
          found.unknown(name.beginning());
          if (containers[depth].inside().areTools()) {
            found.unknownTool(name.beginning().toString());
          }
        }
      }
      case REFERENCE,
          REFERENCES,
          REFERENCE_OR_NEW,
          TOOL,
          EXEMPTION,
          TOOL_MAKER,
          LEFT_OUT,
          ITEM_ID,
          ITEM_TYPE -> {
        misspelled = !place.isSpelling(name);
        if (has(place)) {
          found.demand(false, place);
        } else {
          had.add(place);
          depthsOfHad.add(depth);
        }
      }
      default -> {}
    }
    if (tool != null && tool.isAt(depth)) {
      tool.member(place);
    }
    if (isModel(place)) {
      inBody.beginModel();
      isNamedModel = MODEL.contentEquals(name);
    } else if (isOutermost(place, SPEECH)) {
      inBody.askForSpeech();
    }
    item.name(place, depth, begun());
    leftOut.name(place, depth, begun());
  }

  /** Whether the current member is the model of the request. */
  private boolean isModel(ObjectPlace place) {
    return isOutermost(place, MODEL);
  }

  private boolean isOutermost(ObjectPlace place, String name) {
    return depth == 1 && !isEncoded && place.name().equals(name);
  }

  private boolean has(ObjectPlace place) {
    for (int i = had.size() - 1; i >= 0 && depthsOfHad.get(i) == depth; i--) {
      if (had.get(i).equals(place)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the name in lower case and without underscores; an empty text if the name is too long.
   */
  private CharSequence fold(ScannedText name) {
    folded.setLength(0);
    if (!name.isLonger()) {
      name.fold(folded);
    }
    return folded;
  }

  /** The place of the next value in the format's table. */
  private ObjectPlace place() {
    return arrays.get(depth) ? containers[depth] : member;
  }

  /** Whether the next value at this depth is an element of an array. */
  private boolean isElement(int at) {
    return at > 0 && arrays.get(at);
  }

  @Override
  public boolean wantsText() {
    from = position();
    return opaqueDepth == 0
        && switch (place().meaning()) {
          case UNKNOWN,
              CITATIONS,
              REFERENCE,
              REFERENCES,
              REFERENCE_OR_NEW,
              FILE,
              MAKER,
              REVEALING,
              TOOL,
              TOOL_ELSEWHERE,
              TOOL_DATA,
              EXEMPTION,
              TOOL_MAKER,
              ITEM_ID,
              ITEM_TYPE,
              ITEM_LINK ->
              true;
          case TEXT, OPAQUE, WORD, LEFT_OUT, ITEMS, ITEM_CONTENT, ITEM_DATA, ENCODED -> false;
        };
  }

  /**
   * Does not read encoded text that is inside other encoded text, because such a text makes the
   * body ambiguous.
   */
  @Override
  public boolean wantsPieces() {
    boolean wants = opaqueDepth == 0 && place().meaning() == Meaning.ENCODED;
    found.demand(!wants || !isEncoded);
    encoded = wants && !isEncoded ? new EncodedJson(inside(place())) : null;
    return encoded != null;
  }

  private ReferenceScan inside(ObjectPlace place) {
    return new ReferenceScan(found, ObjectPlace.of("", Meaning.UNKNOWN, place.inside()), true);
  }

  @Override
  public void piece(byte[] bytes, int from, int to) {
    if (encoded != null) {
      encoded.read(bytes, from, to);
    }
  }

  @Override
  public void piece(int character) {
    if (encoded != null) {
      encoded.read(character);
    }
  }

  @Override
  public void text(ScannedText text) {
    ObjectPlace place = place();
    switch (place.meaning()) {
      case REFERENCE, REFERENCE_OR_NEW -> {
        found.demand(!misspelled && !isElement(depth), place);
        found.known(place, text);
      }
      case REFERENCES -> {
        found.demand(isElement(depth), place);
        found.known(place, text);
      }
      case FILE -> {
        found.known(place, text.beforeNul().toString());
        if (isModel(place) && isNamedModel && !text.toString().isBlank()) {
          found.nameModel();
        }
      }
      case MAKER -> {
        if (text.isCut() || !place.harmless().test(text.toString())) {
          found.makes(place);
        }
      }
      case REVEALING -> {
        if (text.isCut() || !place.harmless().test(text.toString())) {
          found.showContent();
        }
      }
      case TOOL -> {
        found.demand(!misspelled);
        if (tool != null) {
          tool.type(place, text);
        }
      }
      case TOOL_ELSEWHERE -> {
        if (ToolTypes.isVersion(text.beginning())) {
          found.toolElsewhere(place, text.beginning().toString());
        }
      }
      case TOOL_DATA -> {
        if (tool != null && !tool.isCallers()) {
          tool.parameters().unknown(text.beforeNul());
        }
      }
      case EXEMPTION -> {
        found.demand(!misspelled);
        if (tool == null || text.isCut() || !place.harmless().test(text.toString())) {
          found.makes(place);
        } else {
          tool.exempt();
        }
      }
      case TOOL_MAKER -> {
        found.demand(!misspelled);
        if (tool == null || text.isCut() || !place.harmless().test(text.toString())) {
          found.makes(place);
        }
      }
      case ITEM_ID -> {
        found.demand(!misspelled);
        item.id(text, begun(), position() + 1);
      }
      case ITEM_LINK -> item.link(text, begun(), position() + 1);
      case ITEM_TYPE -> {
        found.demand(!misspelled);
        item.type(text, place);
      }
      default -> found.unknown(text.beforeNul());
    }
    valueEnds(position() + 1);
  }

  @Override
  public void number(ScannedNumber number) {
    scalar(false);
    valueEnds(position());
  }

  @Override
  public void literal(String literal) {
    if (!literal.equals("null")) {
      scalar(literal.equals("false"));
    }
    valueEnds(position() + 1);
  }

  /**
   * Reads a number, {@code true} or {@code false}.
   *
   * @param isOff whether the value is {@code false}
   */
  private void scalar(boolean isOff) {
    if (opaqueDepth > 0) {
      return;
    }
    ObjectPlace place = place();
    found.demand(
        (!place.isReference() || place.meaning() == Meaning.FILE)
            && place.meaning() != Meaning.ITEM_ID
            && place.meaning() != Meaning.ITEM_LINK
            && place.meaning() != Meaning.TOOL
            && place.meaning() != Meaning.EXEMPTION
            && place.meaning() != Meaning.TOOL_MAKER
            && place.meaning() != Meaning.ENCODED,
        place);
    if (place.meaning() == Meaning.REVEALING && !isOff) {
      found.showContent();
    }
    item.valueBegins(place, depth);
    item.hasContent(place, depth);
  }

  /** Reads a string that can't be a reference. */
  @Override
  public void other() {
    if (encoded != null) {
      encoded.end();
      encoded = null;
    }
    if (opaqueDepth == 0) {
      ObjectPlace place = place();
      item.valueBegins(place, depth);
      if (position() - from > 1) {
        item.hasContent(place, depth);
      }
      valueEnds(position() + 1);
    }
  }

  private void valueEnds(long end) {
    if (opaqueDepth == 0) {
      item.valueEnded(depth, end);
      leftOut.valueEnded(depth, end);
    }
  }
}
