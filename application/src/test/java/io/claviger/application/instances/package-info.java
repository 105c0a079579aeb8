@NullMarked
package io.claviger.application.instances;

import org.jspecify.annotations.NullMarked;
