@NullMarked
package io.claviger.application.standards;

import org.jspecify.annotations.NullMarked;
