@NullMarked
package io.claviger.gateway.redaction;

import org.jspecify.annotations.NullMarked;
