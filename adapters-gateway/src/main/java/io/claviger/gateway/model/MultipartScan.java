package io.claviger.gateway.model;

import static io.claviger.gateway.model.MultipartReader.demand;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds the models that a form of parts asks for. */
final class MultipartScan implements BodyScan, BodyPart.FormPart, MultipartReader.Parts {
  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;
  private final MultipartReader reader;
  private final Set<String> asked = new HashSet<>();
  private boolean isTheModel;
  private boolean modelNamed;

  MultipartScan(Set<ModelPattern> allowed, Optional<String> inPath, String boundary) {
    this.allowed = allowed;
    this.inPath = inPath;
    this.reader = new MultipartReader(this, boundary);
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    reader.read(bytes, from, to);
  }

  @Override
  public void end() {
    reader.end();
    demand(modelNamed || inPath.isPresent());
  }

  @Override
  public Set<String> models() {
    return asked;
  }

  @Override
  public boolean wants(PartHead part) {
    String name = part.name();
    String base = part.baseName();
    isTheModel = base.equals("model");
    boolean namesModels = ModelScan.NAMES.contains(base);
    demand(!ModelScan.CHOICES.contains(base));
    demand(!namesModels || (name.equals(base) && part.isPlainText()));
    demand(!isTheModel || !modelNamed);
    modelNamed |= isTheModel;
    return namesModels;
  }

  @Override
  public void content(String model, long from, long to) {
    boolean inPathToo = inPath.isEmpty() || !isTheModel || inPath.get().equals(model);
    if (!ModelPattern.anyMatches(allowed, model)) {
      throw new CallRefused(CallError.modelNotAllowed(model));
    }
    if (!inPathToo) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
    asked.add(model);
  }
}
