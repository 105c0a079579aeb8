@NullMarked
package io.claviger.inprocess.node;

import org.jspecify.annotations.NullMarked;
