@NullMarked
package io.claviger.gateway.redact;

import org.jspecify.annotations.NullMarked;
