/** API standards, which say how a provider is spoken to. */
@NullMarked
package io.claviger.application.standards;

import org.jspecify.annotations.NullMarked;
