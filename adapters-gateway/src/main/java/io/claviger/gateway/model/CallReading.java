package io.claviger.gateway.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a call only once for all purposes that depend on the body's content, while the
 * body arrives in pieces. Among these purposes are the models, the requested use, and the edits
 * that request the usage in a stream. One {@link JsonScanner} scans a JSON body and sends its
 * events to each {@link JsonPart}. A call has only those parts that it needs.
 */
final class CallReading {
  private final List<JsonPart> ofJson = new ArrayList<>(2);
  private List<BodyPart.FormPart> ofForm = List.of();
  private List<BodyPart.BytesPart> ofBytes = List.of();
  private @Nullable JsonScanner scanner;
  private @Nullable MultipartReader form;
  private int longest;
  private boolean malformed;

  /**
   * @param parts the parts, in the order in which they are asked whether they refuse the body; null
   *     parts are ignored
   */
  static CallReading of(@Nullable BodyPart... parts) {
    CallReading reading = new CallReading();
    for (BodyPart part : parts) {
      if (part != null) {
        part.join(reading);
      }
    }
    return reading;
  }

  void add(JsonPart part) {
    ofJson.add(part);
    longest = Math.max(longest, part.longest());
  }

  void add(BodyPart.FormPart part) {
    ofForm = ofForm.isEmpty() ? new ArrayList<>(2) : ofForm;
    ofForm.add(part);
  }

  void add(BodyPart.BytesPart part) {
    ofBytes = ofBytes.isEmpty() ? new ArrayList<>(2) : ofBytes;
    ofBytes.add(part);
  }

  /**
   * Reads the next bytes of the body.
   *
   * @throws io.claviger.gateway.errors.CallRefused if a part refuses the body because of these
   *     bytes
   */
  void read(byte[] bytes, int from, int to) {
    if (malformed) {
      return;
    }
    for (BodyPart.BytesPart part : ofBytes) {
      part.read(bytes, from, to);
    }
    try {
      if (!ofForm.isEmpty()) {
        form().read(bytes, from, to);
      }
      if (!ofJson.isEmpty()) {
        scanner().read(bytes, from, to);
      }
    } catch (MalformedBody e) {
      becomeMalformed();
    }
  }

  /**
   * Called when the body is complete.
   *
   * @throws io.claviger.gateway.errors.CallRefused if a part refuses the complete body
   */
  void end() {
    if (malformed) {
      return;
    }
    try {
      if (!ofForm.isEmpty()) {
        form().end();
      }
      if (!ofJson.isEmpty()) {
        scanner().end();
      }
    } catch (MalformedBody e) {
      becomeMalformed();
      return;
    }
    ofBytes.forEach(BodyPart.BytesPart::complete);
    ofForm.forEach(BodyPart.FormPart::complete);
    ofJson.forEach(JsonPart::complete);
  }

  private void becomeMalformed() {
    malformed = true;
    ofForm.forEach(BodyPart.FormPart::malformed);
    ofJson.forEach(JsonPart::malformed);
  }

  private MultipartReader form() {
    MultipartReader known = form;
    if (known == null) {
      known = new MultipartReader(new SharedParts(ofForm), ofForm.getFirst().boundary());
      form = known;
    }
    return known;
  }

  private JsonScanner scanner() {
    JsonScanner known = scanner;
    if (known == null) {
      JsonEvents events = ofJson.size() == 1 ? ofJson.getFirst() : new SharedEvents(ofJson);
      JsonScanner made = new JsonScanner(events, longest);
      ofJson.forEach(part -> part.begin(made));
      scanner = made;
      known = made;
    }
    return known;
  }

  /** Forwards the content of each part of a form to the readers that want this content. */
  private record SharedParts(List<BodyPart.FormPart> all, List<BodyPart.FormPart> wanting)
      implements MultipartReader.Parts {
    SharedParts(List<BodyPart.FormPart> all) {
      this(all, new ArrayList<>(all.size()));
    }

    @Override
    public boolean wants(PartHead part) {
      wanting.clear();
      for (BodyPart.FormPart one : all) {
        if (one.wants(part)) {
          wanting.add(one);
        }
      }
      return !wanting.isEmpty();
    }

    @Override
    public void content(String text, long from, long to) {
      wanting.forEach(part -> part.content(text, from, to));
    }

    @Override
    public void tooLong(String begin) {
      wanting.forEach(part -> part.tooLong(begin));
    }

    @Override
    public boolean passes(PartHead part) {
      boolean any = false;
      for (BodyPart.FormPart one : all) {
        any |= one.passes(part);
      }
      return any;
    }

    @Override
    public void piece(byte[] bytes, int from, int to) {
      all.forEach(part -> part.piece(bytes, from, to));
    }
  }

  /**
   * Forwards each event to all parts. Only parts that want the text of a string receive the text.
   */
  static final class SharedEvents implements JsonEvents {
    private final JsonPart[] parts;
    private final boolean[] wanting;
    private final boolean[] piecewise;

    SharedEvents(List<JsonPart> parts) {
      this.parts = parts.toArray(JsonPart[]::new);
      this.wanting = new boolean[this.parts.length];
      this.piecewise = new boolean[this.parts.length];
    }

    @Override
    public void opened(boolean array) {
      for (JsonPart part : parts) {
        part.opened(array);
      }
    }

    @Override
    public void closed() {
      for (JsonPart part : parts) {
        part.closed();
      }
    }

    @Override
    public void name(ScannedText name) {
      for (JsonPart part : parts) {
        part.name(name);
      }
    }

    @Override
    public boolean wantsText() {
      boolean any = false;
      for (int i = 0; i < parts.length; i++) {
        wanting[i] = parts[i].wantsText();
        any |= wanting[i];
      }
      return any;
    }

    @Override
    public boolean wantsPieces() {
      boolean any = false;
      for (int i = 0; i < parts.length; i++) {
        piecewise[i] = parts[i].wantsPieces();
        any |= piecewise[i];
      }
      return any;
    }

    @Override
    public void piece(byte[] bytes, int from, int to) {
      for (int i = 0; i < parts.length; i++) {
        if (piecewise[i]) {
          parts[i].piece(bytes, from, to);
        }
      }
    }

    @Override
    public void piece(int character) {
      for (int i = 0; i < parts.length; i++) {
        if (piecewise[i]) {
          parts[i].piece(character);
        }
      }
    }

    @Override
    public void text(ScannedText text) {
      for (int i = 0; i < parts.length; i++) {
        if (wanting[i]) {
          parts[i].text(text);
        } else {
          parts[i].other();
        }
      }
    }

    @Override
    public void other() {
      for (JsonPart part : parts) {
        part.other();
      }
    }

    @Override
    public void number(ScannedNumber number) {
      for (JsonPart part : parts) {
        part.number(number);
      }
    }

    @Override
    public void literal(String literal) {
      for (JsonPart part : parts) {
        part.literal(literal);
      }
    }
  }
}
